import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import fastify, {
  LogController,
  type ConnectionError,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
} from 'fastify'
import type { Logger } from 'pino'
import { isUnavailable } from '../db/database.ts'
import { RefusalError } from '../pure/result.ts'
import { problemOf, sendProblem } from './problem.ts'

/**
 * The HTTP server: strict headers, bounded bodies, request ids, problem+json for every refusal. Logs carry method, route,
 * status and time: no query, body, address or name.
 */
export async function makeServer(options: {
  log: Logger
  https: boolean
  shutdownMs?: number
}): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // Only a proxy on this machine may say whom it speaks for; anyone else's X-Forwarded-For is ignored.
    trustProxy: 'loopback',
    bodyLimit: 2 * 1024 * 1024,
    requestTimeout: 120_000,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    maxRequestsPerSocket: 0,
    routerOptions: { maxParamLength: 200 },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // Before routing no hook runs: the headers are set here.
    frameworkErrors: (error, request, reply) => {
      const status = error.statusCode ?? 400
      reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
      void sendProblem(reply, problemOf({ code: codeOf(status), status }, request.id))
    },
    clientErrorHandler: answerBrokenHttp,
  })
  await server.register(cookie)
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // Mantine sets measured sizes as style attributes; scripts stay strict.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        // The layout of a mail is a page of its own, without rights (src/mail/html-route.ts).
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
      },
    },
    strictTransportSecurity: options.https ? { maxAge: 31_536_000 } : false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unmatched'
    if (route === '/livez' || route === '/readyz' || route === '/metrics') return
    request.log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
  server.addHook('onResponse', async ({ raw }) => {
    // Refused before it was all read (an upload too large): read on for a moment so that the sender can hear why, then
    // hang up. A paused socket would never notice its end and keep the process from stopping.
    if (raw.complete !== false || raw.destroyed) return
    raw.unpipe()
    raw.resume()
    const hangUp = setTimeout(() => raw.destroy(), 2_000).unref()
    raw.once('close', () => clearTimeout(hangUp))
  })
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof RefusalError) return sendProblem(reply, problemOf(error.refusal, request.id))
    if (isUnavailable(error)) {
      request.log.warn({ requestId: request.id, err: { code: error.code, type: error.name } }, 'database unavailable')
      return sendProblem(
        reply,
        problemOf({ code: 'server.unavailable', status: 503, facts: { retryAfter: 2 } }, request.id),
      )
    }
    if (isStorageFull(error))
      return sendProblem(reply, problemOf({ code: 'server.storage-full', status: 507 }, request.id))
    const status = error.statusCode ?? 500
    if (status >= 400 && status < 500)
      return sendProblem(reply, problemOf({ code: codeOf(status), status }, request.id))
    // The message may hold values of rows: the stack says where, and stays here.
    request.log.error(
      {
        requestId: request.id,
        err: { type: error.name, code: error.code, stack: error.stack?.split('\n').slice(1, 6).join('\n') },
      },
      'defect',
    )
    return sendProblem(reply, problemOf({ code: 'server.defect', status: 500 }, request.id))
  })
  server.setNotFoundHandler((request, reply) =>
    sendProblem(reply, problemOf({ code: 'request.not-found', status: 404 }, request.id)),
  )
  return server
}

/** What is no HTTP, or too much of it: there is no request yet, so the answer is written by hand. */
function answerBrokenHttp(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const requestId = randomUUID()
  const body = JSON.stringify(problemOf({ code: codeOf(status), status }, requestId))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    'x-content-type-options: nosniff',
    `x-request-id: ${requestId}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function isStorageFull(error: { code?: string }): boolean {
  return error.code === 'ENOSPC' || error.code === 'EDQUOT'
}

function codeOf(status: number): string {
  const codes: Record<number, string> = {
    404: 'request.not-found',
    405: 'request.wrong-method',
    413: 'request.too-large',
    415: 'request.unsupported-media',
    429: 'request.too-many',
    408: 'request.timeout',
    414: 'request.address-too-long',
    431: 'request.headers-too-large',
  }
  return codes[status] ?? 'request.invalid'
}
