// What functions that make the messages of a store give. Only what tells which fields a message has is written down.

declare module 'typesafe-actions' {
  export function action<K, P, M>(type: K, payload: P, meta: M): { type: K; payload: P; meta: M };
  export type ActionType<A> = ReturnType<A[keyof A]>;
}
