// What stores and streams hold, as `value`.

declare module 'svelte/store' {
  export interface Readable<T> {
    value: T;
    subscribe(run: (value: T) => void): unknown;
  }
  export interface Writable<T> {
    value: T;
    subscribe(run: (value: T) => void): unknown;
    set(value: T): void;
    update(updater: (value: T) => T): void;
  }
}
declare module 'rxjs' {
  export interface Observable<T> {
    value: T;
    subscribe(next: (value: T) => void): unknown;
  }
  export interface Subject<T> {
    value: T;
    next(value: T): void;
    subscribe(next: (value: T) => void): unknown;
  }
  export interface BehaviorSubject<T> {
    value: T;
    next(value: T): void;
    getValue(): T;
    subscribe(next: (value: T) => void): unknown;
  }
  export interface ReplaySubject<T> {
    value: T;
    next(value: T): void;
    subscribe(next: (value: T) => void): unknown;
  }
  export function firstValueFrom<T>(source: Observable<T>): Promise<T>;
  export function lastValueFrom<T>(source: Observable<T>): Promise<T>;
}
