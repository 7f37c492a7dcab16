// What schema libraries make of a schema. Only what tells which fields a value has is written down, in types of our own.

declare module 'zod' {
  interface Parsed<T> { success: true; data: T; error: undefined }
  type EmailAddress = string;
  type IpAddress = string;
  type PhoneNumber = string;
  interface Refused { success: false; error: { message: string; issues: unknown } }

  export interface Schema<T> {
    _output: T;
    parse(data: unknown): T;
    parseAsync(data: unknown): Promise<T>;
    safeParse(data: unknown): Parsed<T> | Refused;
    safeParseAsync(data: unknown): Promise<Parsed<T> | Refused>;
    optional(): Schema<T>;
    nullable(): Schema<T>;
    nullish(): Schema<T>;
    default(value: unknown): Schema<T>;
    catch(value: unknown): Schema<T>;
    describe(text: string): Schema<T>;
    meta(data: unknown): Schema<T>;
    brand(): Schema<T>;
    readonly(): Schema<T>;
    refine(check: (value: T) => unknown, options?: unknown): Schema<T>;
    superRefine(check: (value: T, context: unknown) => unknown): Schema<T>;
    transform<U>(change: (value: T) => U): Schema<U>;
    pipe<U>(next: Schema<U>): Schema<U>;
    array(): Schema<T[]>;
    or<U>(other: Schema<U>): Schema<T | U>;
    and<U>(other: Schema<U>): Schema<T & U>;
    min(value: unknown, message?: unknown): Schema<T>;
    max(value: unknown, message?: unknown): Schema<T>;
    length(value: unknown, message?: unknown): Schema<T>;
    nonempty(message?: unknown): Schema<T>;
    email(message?: unknown): Schema<EmailAddress>;
    url(message?: unknown): Schema<T>;
    uuid(message?: unknown): Schema<T>;
    cuid(message?: unknown): Schema<T>;
    cuid2(message?: unknown): Schema<T>;
    ulid(message?: unknown): Schema<T>;
    nanoid(message?: unknown): Schema<T>;
    ip(options?: unknown): Schema<IpAddress>;
    ipv4(options?: unknown): Schema<IpAddress>;
    ipv6(options?: unknown): Schema<IpAddress>;
    jwt(options?: unknown): Schema<T>;
    date(options?: unknown): Schema<T>;
    time(options?: unknown): Schema<T>;
    base64(message?: unknown): Schema<T>;
    includes(text: unknown, message?: unknown): Schema<T>;
    prefault(value: unknown): Schema<T>;
    check(...checks: unknown[]): Schema<T>;
    overwrite(change: unknown): Schema<T>;
    regex(pattern: unknown, message?: unknown): Schema<T>;
    trim(): Schema<T>;
    toLowerCase(): Schema<T>;
    toUpperCase(): Schema<T>;
    startsWith(text: unknown, message?: unknown): Schema<T>;
    endsWith(text: unknown, message?: unknown): Schema<T>;
    datetime(options?: unknown): Schema<T>;
    int(message?: unknown): Schema<T>;
    positive(message?: unknown): Schema<T>;
    nonnegative(message?: unknown): Schema<T>;
    finite(message?: unknown): Schema<T>;
    gt(value: unknown, message?: unknown): Schema<T>;
    gte(value: unknown, message?: unknown): Schema<T>;
    lt(value: unknown, message?: unknown): Schema<T>;
    lte(value: unknown, message?: unknown): Schema<T>;
    element: Schema<T>;
  }

  type Values<S> = { [K in keyof S]: S[K]['_output'] };

  export interface ObjectSchema<T, S> extends Schema<T> {
    shape: S;
    extend<E>(more: E): ObjectSchema<Omit<T, keyof E> & Values<E>, S & E>;
    safeExtend<E>(more: E): ObjectSchema<Omit<T, keyof E> & Values<E>, S & E>;
    augment<E>(more: E): ObjectSchema<Omit<T, keyof E> & Values<E>, S & E>;
    merge<U>(other: Schema<U>): ObjectSchema<Omit<T, keyof U> & U, S>;
    pick<M>(mask: M): ObjectSchema<Pick<T, keyof M>, Pick<S, keyof M>>;
    omit<M>(mask: M): ObjectSchema<Omit<T, keyof M>, Omit<S, keyof M>>;
    partial(mask?: unknown): ObjectSchema<T, S>;
    deepPartial(): ObjectSchema<T, S>;
    required(mask?: unknown): ObjectSchema<T, S>;
    strict(): ObjectSchema<T, S>;
    strip(): ObjectSchema<T, S>;
    passthrough(): ObjectSchema<T & Record<string, unknown>, S>;
    loose(): ObjectSchema<T & Record<string, unknown>, S>;
    catchall(schema: unknown): ObjectSchema<T & Record<string, unknown>, S>;
  }

  export function object<S>(shape: S, options?: unknown): ObjectSchema<Values<S>, S>;
  export function strictObject<S>(shape: S): ObjectSchema<Values<S>, S>;
  export function looseObject<S>(shape: S): ObjectSchema<Values<S> & Record<string, unknown>, S>;
  export function interface<S>(shape: S): ObjectSchema<Values<S>, S>;
  export function string(options?: unknown): Schema<string>;
  export function email(options?: unknown): Schema<EmailAddress>;
  export function uuid(options?: unknown): Schema<string>;
  export function url(options?: unknown): Schema<string>;
  export function guid(options?: unknown): Schema<string>;
  export function uuidv4(options?: unknown): Schema<string>;
  export function uuidv7(options?: unknown): Schema<string>;
  export function cuid(options?: unknown): Schema<string>;
  export function cuid2(options?: unknown): Schema<string>;
  export function ulid(options?: unknown): Schema<string>;
  export function nanoid(options?: unknown): Schema<string>;
  export function httpUrl(options?: unknown): Schema<string>;
  export function hostname(options?: unknown): Schema<string>;
  export function ipv4(options?: unknown): Schema<IpAddress>;
  export function ipv6(options?: unknown): Schema<IpAddress>;
  export function cidrv4(options?: unknown): Schema<string>;
  export function cidrv6(options?: unknown): Schema<string>;
  export function e164(options?: unknown): Schema<PhoneNumber>;
  export function jwt(options?: unknown): Schema<string>;
  export function base64(options?: unknown): Schema<string>;
  export function stringbool(options?: unknown): Schema<boolean>;
  export const iso: { date(options?: unknown): Schema<string>; time(options?: unknown): Schema<string>; datetime(options?: unknown): Schema<string>; duration(options?: unknown): Schema<string> };
  export function number(options?: unknown): Schema<number>;
  export function int(options?: unknown): Schema<number>;
  export function bigint(options?: unknown): Schema<bigint>;
  export function boolean(options?: unknown): Schema<boolean>;
  export function date(options?: unknown): Schema<Date>;
  export function literal<V extends string = 0>(value: V): Schema<V>;
  export function templateLiteral(parts: unknown): Schema<string>;
  export function nativeEnum(values: unknown): Schema<0>;
  export function array<U>(item: Schema<U>): Schema<U[]>;
  export function set<U>(item: Schema<U>): Schema<Set<U>>;
  export function tuple<U>(items: Schema<U>[]): Schema<U[]>;
  export function union<U>(options: Schema<U>[]): Schema<U>;
  export function optional<U>(inner: Schema<U>): Schema<U>;
  export function nullable<U>(inner: Schema<U>): Schema<U>;
  export function nullish<U>(inner: Schema<U>): Schema<U>;
  export function intersection<A, B>(left: Schema<A>, right: Schema<B>): Schema<A & B>;
  export function preprocess<U>(change: unknown, schema: Schema<U>): Schema<U>;
  export function lazy<U>(make: () => Schema<U>): Schema<U>;
  export function promise<U>(inner: Schema<U>): Schema<Promise<U>>;
  export function discriminatedUnion<U>(key: string, options: Schema<U>[]): Schema<U>;
  export const coerce: { string(): Schema<string>; number(): Schema<number>; boolean(): Schema<boolean>; date(): Schema<Date>; bigint(): Schema<bigint> };
  function choice(values: unknown, options?: unknown): Schema<0>;
  export { choice as enum };

  export type Infer<S> = S['_output'];
  export type output<S> = S['_output'];
  export type input<S> = S['_output'];
  export type TypeOf<S> = S['_output'];
  export type ZodType<T> = Schema<T>;
  export type ZodSchema<T> = Schema<T>;
  export { Infer as infer };
  export * as z from 'zod';
  export * as default from 'zod';
}

declare module 'zod/v4' { export * from 'zod'; }
declare module 'zod/v3' { export * from 'zod'; }
declare module 'zod/mini' { export * from 'zod'; }
declare module 'zod/v4-mini' { export * from 'zod'; }
declare module '@hono/zod-openapi' { export * from 'zod'; }
declare module 'astro/zod' { export * from 'zod'; }
declare module 'astro:schema' { export * from 'zod'; }
declare module 'zod-openapi' { export * from 'zod'; }
