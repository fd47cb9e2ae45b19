import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * Becomes the program where Node can (its own Node can); else runs it as a child that gets our signals, and ends as it
 * ends.
 * @param {string} node
 * @param {string[]} args
 */
export function handOver(node, args) {
  if (typeof process.execve === 'function' && process.platform === 'linux') {
    process.removeAllListeners('warning')
    process.on('warning', () => {})
    process.execve(node, [node, ...args], process.env)
  }
  const child = spawn(node, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    process.on(signal, () => {
      // A terminal sends these to the whole group: forwarding them would count as the impatient second Ctrl-C.
      if (!(process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT'))) child.kill(signal)
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`${node} does not start: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)))
}
