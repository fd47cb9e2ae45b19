// What other screens show of customers. The pages themselves are opened by the router alone.
export { SamePeople } from './same-people.tsx'
