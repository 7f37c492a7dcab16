// What a page reads of what its loader gives. The function that is named as a type stands for what it returns.

declare module '@remix-run/server-runtime' {
  export type SerializeFrom<T> = T extends (...args: unknown[]) => unknown ? Awaited<ReturnType<T>> : T;
  export function json<T>(data: T, init?: unknown): T;
  export function defer<T>(data: T, init?: unknown): T;
}
declare module '@remix-run/node' { export * from '@remix-run/server-runtime'; }
declare module '@remix-run/cloudflare' { export * from '@remix-run/server-runtime'; }
declare module '@remix-run/deno' { export * from '@remix-run/server-runtime'; }

declare module 'react-router' {
  type Loaded<T> = T extends (...args: unknown[]) => unknown ? Awaited<ReturnType<T>> : T;
  export function useLoaderData<T>(): Loaded<T>;
  export function useRouteLoaderData<T>(route: string): Loaded<T> | undefined;
  export function useActionData<T>(): Loaded<T> | undefined;
  export function useFetcher<T>(options?: unknown): { data: Loaded<T> | undefined; state: string };
  export function data<T>(value: T, init?: unknown): T;
  export function json<T>(value: T, init?: unknown): T;
}
declare module 'react-router-dom' { export * from 'react-router'; }
declare module '@remix-run/react' { export * from 'react-router'; }

declare module 'remix-typedjson' {
  export {
    useLoaderData as useTypedLoaderData, useRouteLoaderData as useTypedRouteLoaderData, json as typedjson,
  } from 'react-router';
}

declare module '@tanstack/react-router' {
  interface Made<T> {
    useLoaderData(): Awaited<T>;
    [key: string]: unknown;
  }
  interface Options<T> {
    loader?: (context: unknown) => T;
    [key: string]: unknown;
  }
  export function createFileRoute(path: string): <T>(options: Options<T>) => Made<T>;
  export function createRoute<T>(options: Options<T>): Made<T>;
}
