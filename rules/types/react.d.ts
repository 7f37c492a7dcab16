// How components get their props.

declare module 'react' {
  export type FC<P = {}> = (props: P) => unknown;
  export type FunctionComponent<P = {}> = (props: P) => unknown;
  export type VFC<P = {}> = (props: P) => unknown;
  export type ComponentType<P = {}> = (props: P) => unknown;
  export type PropsWithChildren<P = {}> = P & { children: unknown };
  export type PropsWithRef<P> = P;
  export type Dispatch<A> = (value: A) => void;
  export type SetStateAction<S> = S | ((before: S) => S);
  export function useState<S>(initial?: S | (() => S)): [S, Dispatch<SetStateAction<S>>];
  export type ComponentProps<C> = C extends (props: infer P) => unknown ? P : unknown;
  export type ComponentPropsWithoutRef<C> = C extends (props: infer P) => unknown ? P : unknown;
  export type ComponentPropsWithRef<C> = C extends (props: infer P) => unknown ? P : unknown;
  export function memo<P>(component: (props: P) => unknown, same?: unknown): (props: P) => unknown;
  export function forwardRef<R, P>(render: (props: P, ref: unknown) => unknown): (props: P) => unknown;
  export * as default from 'react';
}
declare module 'mobx-react' {
  export function observer<P>(component: (props: P) => unknown): (props: P) => unknown;
}
declare module 'mobx-react-lite' { export * from 'mobx-react'; }
declare module 'preact/compat' { export * from 'react'; }
