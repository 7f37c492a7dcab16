// What the handlers of a server are given. The app may add to a request what its own middleware puts there.

declare module 'express-serve-static-core' {
  // A request has much that is not listed here.
  export interface Request extends Express.Request { [key: string]: any }
  export type RequestHandler = (request: Request, response: any, next: any) => unknown;
  export interface IRouter {
    use(...handlers: RequestHandler[]): IRouter;
    use(path: string, ...handlers: RequestHandler[]): IRouter;
    all(path: string, ...handlers: RequestHandler[]): IRouter;
    get(path: string, ...handlers: RequestHandler[]): IRouter;
    post(path: string, ...handlers: RequestHandler[]): IRouter;
    put(path: string, ...handlers: RequestHandler[]): IRouter;
    patch(path: string, ...handlers: RequestHandler[]): IRouter;
    delete(path: string, ...handlers: RequestHandler[]): IRouter;
  }
  export function Router(options?: unknown): IRouter;
  export function express(): IRouter;
}

declare module 'express' {
  export { Request, RequestHandler, IRouter, Router, IRouter as Express, IRouter as Application, express as default } from 'express-serve-static-core';
}
