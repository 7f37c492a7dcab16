// Schema libraries beside zod.

declare module 'valibot' {
  export interface Schema<T> { _output: T }
  type Values<S> = { [K in keyof S]: S[K]['_output'] };
  export interface ObjectSchema<T, S> extends Schema<T> { entries: S }
  export function object<S>(shape: S): ObjectSchema<Values<S>, S>;
  export function strictObject<S>(shape: S): ObjectSchema<Values<S>, S>;
  export function looseObject<S>(shape: S): ObjectSchema<Values<S> & Record<string, unknown>, S>;
  export function objectAsync<S>(shape: S): ObjectSchema<Values<S>, S>;
  export function string(message?: unknown): Schema<string>;
  export function number(message?: unknown): Schema<number>;
  export function bigint(message?: unknown): Schema<bigint>;
  export function boolean(message?: unknown): Schema<boolean>;
  export function date(message?: unknown): Schema<Date>;
  export function literal<V extends string = 0>(value: V): Schema<V>;
  export function picklist(values: unknown): Schema<0>;
  export function array<U>(item: Schema<U>): Schema<U[]>;
  export function union<U>(options: Schema<U>[]): Schema<U>;
  export function variant<U>(key: string, options: Schema<U>[]): Schema<U>;
  export function optional<U>(inner: Schema<U>, value?: unknown): Schema<U>;
  export function nullable<U>(inner: Schema<U>, value?: unknown): Schema<U>;
  export function nullish<U>(inner: Schema<U>, value?: unknown): Schema<U>;
  export function pipe<U>(inner: Schema<U>, a?: unknown, b?: unknown, c?: unknown, d?: unknown): Schema<U>;
  export function intersect<U>(options: Schema<U>[]): Schema<U>;
  export function partial<U>(inner: Schema<U>): Schema<U>;
  export function required<U>(inner: Schema<U>): Schema<U>;
  export function parse<U>(schema: Schema<U>, data: unknown): U;
  export function parseAsync<U>(schema: Schema<U>, data: unknown): Promise<U>;
  export function safeParse<U>(schema: Schema<U>, data: unknown): { success: boolean; output: U; issues: unknown };
  export function safeParseAsync<U>(schema: Schema<U>, data: unknown): Promise<{ success: boolean; output: U; issues: unknown }>;
  function choice(values: unknown): Schema<0>;
  export { choice as enum };
  export type InferOutput<S> = S['_output'];
  export type InferInput<S> = S['_output'];
  export type Output<S> = S['_output'];
  export type Input<S> = S['_output'];
  export type BaseSchema<T> = Schema<T>;
}

declare module 'yup' {
  export interface Schema<T> {
    _output: T;
    required(message?: unknown): Schema<T>;
    optional(): Schema<T>;
    nullable(): Schema<T>;
    notRequired(): Schema<T>;
    defined(): Schema<T>;
    default(value?: unknown): Schema<T>;
    label(text: string): Schema<T>;
    email(message?: unknown): Schema<T>;
    url(message?: unknown): Schema<T>;
    trim(): Schema<T>;
    lowercase(): Schema<T>;
    matches(pattern: unknown, options?: unknown): Schema<T>;
    min(value: unknown, message?: unknown): Schema<T>;
    max(value: unknown, message?: unknown): Schema<T>;
    length(value: unknown, message?: unknown): Schema<T>;
    integer(message?: unknown): Schema<T>;
    positive(message?: unknown): Schema<T>;
    test(name: unknown, message?: unknown, check?: unknown): Schema<T>;
    when(keys: unknown, builder: unknown): Schema<T>;
    typeError(message: unknown): Schema<T>;
    strip(): Schema<T>;
    oneOf(values: unknown, message?: unknown): Schema<T>;
    noUnknown(): Schema<T>;
    strict(): Schema<T>;
    validate(data: unknown, options?: unknown): Promise<T & Record<string, unknown>>;
    validateSync(data: unknown, options?: unknown): T & Record<string, unknown>;
    cast(data: unknown, options?: unknown): T & Record<string, unknown>;
  }
  type Values<S> = { [K in keyof S]: S[K]['_output'] };
  export interface ObjectSchema<T> extends Schema<T> {
    shape<E>(more: E): ObjectSchema<Omit<T, keyof E> & Values<E>>;
    concat<U>(other: Schema<U>): ObjectSchema<Omit<T, keyof U> & U>;
    partial(): ObjectSchema<T>;
  }
  export function object(): ObjectSchema<{}>;
  export function object<S>(shape: S): ObjectSchema<Values<S>>;
  export function string(): Schema<string>;
  export function number(): Schema<number>;
  export function boolean(): Schema<boolean>;
  export function bool(): Schema<boolean>;
  export function date(): Schema<Date>;
  export function array(): Schema<unknown[]>;
  export function array<U>(item: Schema<U>): Schema<U[]>;
  export type InferType<S> = S['_output'];
  export type Asserts<S> = S['_output'];
  export * as default from 'yup';
}

declare module '@sinclair/typebox' {
  export interface Schema<T> { _output: T }
  type Values<S> = { [K in keyof S]: S[K]['_output'] };
  export const Type: {
    Object<S>(shape: S, options?: unknown): Schema<Values<S>>;
    String(options?: unknown): Schema<string>;
    Number(options?: unknown): Schema<number>;
    Integer(options?: unknown): Schema<number>;
    Boolean(options?: unknown): Schema<boolean>;
    Date(options?: unknown): Schema<Date>;
    Literal(value: unknown): Schema<0>;
    Enum(values: unknown): Schema<0>;
    Array<U>(item: Schema<U>, options?: unknown): Schema<U[]>;
    Union<U>(options: Schema<U>[]): Schema<U>;
    Optional<U>(inner: Schema<U>): Schema<U>;
    Readonly<U>(inner: Schema<U>): Schema<U>;
    Partial<U>(inner: Schema<U>): Schema<U>;
    Intersect<U>(options: Schema<U>[]): Schema<U>;
  };
  export { Type as t };
  export type Static<S> = S['_output'];
  export type TSchema = Schema<unknown>;
}

declare module '@sinclair/typebox/value' {
  import type { Schema } from '@sinclair/typebox';
  export const Value: {
    Parse<U>(schema: { _output: U }, data: unknown): U;
    Decode<U>(schema: { _output: U }, data: unknown): U;
    Cast<U>(schema: { _output: U }, data: unknown): U;
    Clean<U>(schema: { _output: U }, data: unknown): U;
  };
}

declare module 'superstruct' {
  export interface Struct<T> {
    _output: T;
    create(data: unknown): T;
    mask(data: unknown): T;
  }
  type Values<S> = { [K in keyof S]: S[K]['_output'] };
  export function object<S>(shape: S): Struct<Values<S>>;
  export function type<S>(shape: S): Struct<Values<S>>;
  export function partial<U>(inner: Struct<U>): Struct<U>;
  export function string(): Struct<string>;
  export function number(): Struct<number>;
  export function integer(): Struct<number>;
  export function boolean(): Struct<boolean>;
  export function date(): Struct<Date>;
  export function enums(values: unknown): Struct<0>;
  export function literal<V extends string = 0>(value: V): Struct<V>;
  export function array<U>(item: Struct<U>): Struct<U[]>;
  export function optional<U>(inner: Struct<U>): Struct<U>;
  export function nullable<U>(inner: Struct<U>): Struct<U>;
  export function defaulted<U>(inner: Struct<U>, value: unknown): Struct<U>;
  export function union<U>(options: Struct<U>[]): Struct<U>;
  export function create<U>(data: unknown, struct: Struct<U>): U;
  export function mask<U>(data: unknown, struct: Struct<U>): U;
  export type Infer<S> = S['_output'];
}

declare module 'arktype' {
  export function type<S>(shape: S): { infer: S; inferIn: S; inferOut: S };
}
