/**
 * How much the program's heap may grow, for Node's command line. Left to itself it grows with the memory of the machine: it was
 * seen at 400 MB after some thousand requests, and stays under 200 with these, no slower.
 */
export const heap = ['--max-old-space-size=1024', '--max-semi-space-size=8']
