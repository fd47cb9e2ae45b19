import { z } from 'zod'

// First of all modules: zod otherwise compiles checks with `new Function`, which the content security policy forbids.
z.config({ jitless: true })
