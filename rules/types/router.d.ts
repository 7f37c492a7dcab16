// What routers hand to whoever watches them. Only what has no name that tells is written down, in types of our own.

declare module 'vue-router' {
  export interface Route {
    path: string;
    fullPath: string;
    [key: string]: unknown;
  }
  export interface Router {
    beforeEach(guard: (to: Route, from: Route, next: unknown) => unknown): unknown;
    beforeResolve(guard: (to: Route, from: Route, next: unknown) => unknown): unknown;
    afterEach(guard: (to: Route, from: Route, failure: unknown) => unknown): unknown;
    [key: string]: unknown;
  }
  export function createRouter(options: unknown): Router;
  export function useRouter(): Router;
}
