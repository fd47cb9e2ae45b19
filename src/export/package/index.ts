export { checkPackage, type Checked } from './check.ts'
export { type Loaded, loadPackage, type LoadOptions } from './load.ts'
export { type Manifest, PackageProblem } from './manifest.ts'
export { type PackageApp, writePackage } from './write.ts'
