import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { inboxSearch } from '../../complaints/ui/inbox-search.ts'
import { figuresSearch } from '../../insights/ui/figures-search.ts'
import { NotFound, Shell, Start } from './shell.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  component: lazyRouteComponent(() => import('../../people/ui/sign-in.tsx'), 'SignIn'),
  validateSearch: (s: Record<string, unknown>): { next?: string } =>
    typeof s.next === 'string' && /^\/(?!\/)/.test(s.next) ? { next: s.next } : {},
})
const setup = createRoute({
  getParentRoute: () => root,
  path: 'setup',
  validateSearch: (s: Record<string, unknown>): { token?: string } =>
    s.token === undefined ? {} : { token: String(s.token) },
  component: lazyRouteComponent(() => import('../../people/ui/setup.tsx'), 'Setup'),
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })
const start = createRoute({ getParentRoute: () => shell, path: '/', component: Start })
const inbox = createRoute({
  getParentRoute: () => shell,
  path: 'complaints',
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import('../../complaints/ui/inbox.tsx'), 'Inbox'),
})
const complaint = createRoute({
  getParentRoute: () => inbox,
  path: '$id',
  component: lazyRouteComponent(() => import('../../complaints/ui/complaint-pane.tsx'), 'ComplaintPane'),
})
const search = createRoute({
  getParentRoute: () => shell,
  path: 'search',
  validateSearch: (s: Record<string, unknown>): { q?: string; order?: 'newest' | 'ranked'; open?: boolean } => ({
    ...(s.q === undefined ? {} : { q: String(s.q) }),
    ...(s.order === 'ranked' ? { order: 'ranked' as const } : {}),
    ...(s.open === true ? { open: true } : {}),
  }),
  component: lazyRouteComponent(() => import('../../search/ui/search-page.tsx'), 'SearchPage'),
})
const create = createRoute({
  getParentRoute: () => shell,
  path: 'new',
  component: lazyRouteComponent(() => import('../../intake/ui/new-complaint.tsx'), 'NewComplaintPage'),
})
const callIn = createRoute({
  getParentRoute: () => shell,
  path: 'call',
  // A telephone system opens it with the caller: a plus may have become a space on the way.
  validateSearch: (s: Record<string, unknown>): { from?: string; name?: string } => ({
    ...(s.from === undefined
      ? {}
      : {
          from: String(s.from)
            .trim()
            .replace(/^(?=\d{10,})/, '+')
            .slice(0, 40),
        }),
    ...(s.name === undefined ? {} : { name: String(s.name).slice(0, 200) }),
  }),
  component: lazyRouteComponent(() => import('../../intake/ui/call/call-page.tsx'), 'CallPage'),
})
const account = createRoute({
  getParentRoute: () => shell,
  path: 'account',
  component: lazyRouteComponent(() => import('../../people/ui/account.tsx'), 'Account'),
})
const myKeys = createRoute({
  getParentRoute: () => shell,
  path: 'account/keys',
  component: lazyRouteComponent(() => import('../../preferences/ui/my-keys-page.tsx'), 'MyKeysPage'),
})
const outbox = createRoute({
  getParentRoute: () => shell,
  path: 'outbox',
  component: lazyRouteComponent(() => import('../../replies/ui/outbox-page.tsx'), 'OutboxPage'),
})
const parked = createRoute({
  getParentRoute: () => shell,
  path: 'parked',
  component: lazyRouteComponent(() => import('../../intake/ui/parked-page.tsx'), 'ParkedPage'),
})
const audit = createRoute({
  getParentRoute: () => shell,
  path: 'complaints/$id/audit',
  component: lazyRouteComponent(() => import('../../audit/ui/audit-page.tsx'), 'AuditPage'),
})
const customers = createRoute({
  getParentRoute: () => shell,
  path: 'customers',
  component: lazyRouteComponent(() => import('../../customers/ui/customers-page.tsx'), 'CustomersPage'),
})
const customer = createRoute({
  getParentRoute: () => shell,
  path: 'customers/$id',
  component: lazyRouteComponent(() => import('../../customers/ui/customer-page.tsx'), 'CustomerPage'),
})
const figures = createRoute({
  getParentRoute: () => shell,
  path: 'figures',
  validateSearch: figuresSearch,
  component: lazyRouteComponent(() => import('../../insights/ui/figures-page.tsx'), 'FiguresPage'),
})
const staff = createRoute({
  getParentRoute: () => shell,
  path: 'settings/staff',
  component: lazyRouteComponent(() => import('../../people/ui/staff-page.tsx'), 'StaffPage'),
})
const teams = createRoute({
  getParentRoute: () => shell,
  path: 'settings/teams',
  component: lazyRouteComponent(() => import('../../people/ui/teams-page.tsx'), 'TeamsPage'),
})
const roles = createRoute({
  getParentRoute: () => shell,
  path: 'settings/roles',
  component: lazyRouteComponent(() => import('../../people/ui/roles-page.tsx'), 'RolesPage'),
})
const imports = createRoute({
  getParentRoute: () => shell,
  path: 'settings/import',
  component: lazyRouteComponent(() => import('../../import/ui/import-page.tsx'), 'ImportPage'),
})
const access = createRoute({
  getParentRoute: () => shell,
  path: 'settings/access',
  component: lazyRouteComponent(() => import('../../people/ui/access-page.tsx'), 'AccessPage'),
})
const health = createRoute({
  getParentRoute: () => shell,
  path: 'settings/health',
  component: lazyRouteComponent(() => import('../../operations/ui/health-page.tsx'), 'HealthPage'),
})
const keys = createRoute({
  getParentRoute: () => shell,
  path: 'settings/keys',
  component: lazyRouteComponent(() => import('../../people/ui/keys-page.tsx'), 'KeysPage'),
})
const products = createRoute({
  getParentRoute: () => shell,
  path: 'settings/products',
  component: lazyRouteComponent(() => import('../../catalogue/ui/pages.tsx'), 'ProductsPage'),
})
const places = createRoute({
  getParentRoute: () => shell,
  path: 'settings/places',
  component: lazyRouteComponent(() => import('../../catalogue/ui/pages.tsx'), 'PlacesPage'),
})
const types = createRoute({
  getParentRoute: () => shell,
  path: 'settings/types',
  validateSearch: (s: Record<string, unknown>): { list?: 'issue' | 'root_cause' | 'outcome' | 'risk_flag' } =>
    s.list === 'issue' || s.list === 'root_cause' || s.list === 'outcome' || s.list === 'risk_flag'
      ? { list: s.list }
      : {},
  component: lazyRouteComponent(() => import('../../catalogue/ui/pages.tsx'), 'TypesPage'),
})
const calendars = createRoute({
  getParentRoute: () => shell,
  path: 'settings/calendars',
  component: lazyRouteComponent(() => import('../../catalogue/ui/calendars-page.tsx'), 'CalendarsPage'),
})
const promises = createRoute({
  getParentRoute: () => shell,
  path: 'settings/promises',
  component: lazyRouteComponent(() => import('../../catalogue/ui/promises-page.tsx'), 'PromisesPage'),
})
const mailboxes = createRoute({
  getParentRoute: () => shell,
  path: 'settings/mailboxes',
  component: lazyRouteComponent(() => import('../../mail/ui/mailboxes-page.tsx'), 'MailboxesPage'),
})
const mailTemplates = createRoute({
  getParentRoute: () => shell,
  path: 'settings/mail-templates',
  component: lazyRouteComponent(() => import('../../templates/ui/templates-page.tsx'), 'TemplatesPage'),
})
const routing = createRoute({
  getParentRoute: () => shell,
  path: 'settings/routing',
  component: lazyRouteComponent(() => import('../../routing/ui/routing-page.tsx'), 'RoutingPage'),
})

const pages = [
  start,
  inbox.addChildren([complaint]),
  search,
  create,
  callIn,
  account,
  myKeys,
  outbox,
  parked,
  audit,
  customers,
  customer,
  figures,
  staff,
  teams,
  roles,
  keys,
  health,
  imports,
  access,
  products,
  places,
  types,
  calendars,
  promises,
  mailboxes,
  mailTemplates,
  routing,
]

export const router = createRouter({
  routeTree: root.addChildren([signIn, setup, shell.addChildren(pages)]),
  basepath: '/desk',
  defaultPreload: 'intent',
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
