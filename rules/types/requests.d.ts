// What hooks and clients that fetch data give.

declare module '@tanstack/react-query' {
  export interface QueryResult<T> {
    data: T;
    error: unknown;
    isLoading: boolean;
    isFetching: boolean;
    isPending: boolean;
    isError: boolean;
    isSuccess: boolean;
    status: 'pending';
    refetch(): Promise<QueryResult<T>>;
  }
  export interface Options<T, U> {
    queryFn: (context: unknown) => T;
    select: (data: T) => U;
    onSuccess: (data: T) => unknown;
    initialData: T;
  }
  export interface MutationOptions<T, V> {
    mutationFn: (variables: V) => T;
    onSuccess: (data: T, variables: V, context: unknown) => unknown;
    onSettled: (data: T, error: unknown, variables: V, context: unknown) => unknown;
    onError: (error: unknown, variables: V, context: unknown) => unknown;
    onMutate: (variables: V) => unknown;
  }
  export interface MutationResult<T, V> {
    data: T;
    variables: V;
    error: unknown;
    isPending: boolean;
    isLoading: boolean;
    mutate(variables: V, options?: MutationOptions<T, V>): void;
    mutateAsync(variables: V, options?: MutationOptions<T, V>): Promise<T>;
  }
  export function useQuery<T>(options: Options<T, unknown>): QueryResult<T>;
  export function useQuery<T>(key: unknown, queryFn: (context: unknown) => T, options?: Options<T, unknown>): QueryResult<T>;
  export function useSuspenseQuery<T>(options: Options<T, unknown>): QueryResult<T>;
  export function usePrefetchQuery<T>(options: Options<T, unknown>): void;
  export function useMutation<T, E, V>(options: MutationOptions<T, V>): MutationResult<T, V>;
  export function useMutation<T, E, V>(mutationFn: (variables: V) => T, options: MutationOptions<T, V>): MutationResult<T, V>;
  export function queryOptions<T>(options: Options<T, unknown>): Options<T, unknown>;
  export interface QueryClient {
    getQueryData<T>(key: unknown): T;
    fetchQuery<T>(options: Options<T, unknown>): Promise<T>;
    ensureQueryData<T>(options: Options<T, unknown>): Promise<T>;
    setQueryData<T>(key: unknown, update: T | ((old: T) => T)): T;
  }
  export function useQueryClient(): QueryClient;
  export type UseQueryResult<T, E = unknown> = QueryResult<T>;
  export type UseSuspenseQueryResult<T, E = unknown> = QueryResult<T>;
  export type DefinedUseQueryResult<T, E = unknown> = QueryResult<T>;
  export type UseMutationResult<T, E = unknown, V = unknown> = MutationResult<T, V>;
  export type UseQueryOptions<T, E = unknown> = Options<T, unknown>;
  export type UseMutationOptions<T, E = unknown, V = unknown> = MutationOptions<T, V>;
}

declare module 'react-query' { export * from '@tanstack/react-query'; }
declare module '@tanstack/react-query-v4' { export * from '@tanstack/react-query'; }

declare module 'swr' {
  export interface SWRResponse<T> {
    data: T;
    error: unknown;
    isLoading: boolean;
    isValidating: boolean;
    mutate(data?: T): Promise<T>;
  }
  function useSWR<T>(key: unknown, fetcher?: (key: any) => T, options?: { onSuccess: (data: T) => unknown }): SWRResponse<T>;
  export default useSWR;
}

declare module 'swr/immutable' {
  export { default } from 'swr';
}

declare module '@apollo/client' {
  export interface QueryResult<T> {
    data: T;
    previousData: T;
    loading: boolean;
    error: unknown;
    called: boolean;
    refetch(variables?: unknown): Promise<QueryResult<T>>;
  }
  export interface Options<T> {
    onCompleted: (data: T) => unknown;
    onError: (error: unknown) => unknown;
  }
  export function useQuery<T>(query: Document<T>, options?: Options<T>): QueryResult<T>;
  export function useSuspenseQuery<T>(query: Document<T>, options?: Options<T>): QueryResult<T>;
  export function useFragment<T>(options: unknown): { data: T; complete: boolean };
  export function useSubscription<T>(query: Document<T>, options?: Options<T>): QueryResult<T>;
  export function useLazyQuery<T>(query: Document<T>, options?: Options<T>): [(options?: unknown) => Promise<QueryResult<T>>, QueryResult<T>];
  export function useMutation<T>(query: Document<T>, options?: Options<T>): [(options?: unknown) => Promise<QueryResult<T>>, QueryResult<T>];
  interface Document<T> { __apiType: (variables: unknown) => T }
  export type TypedDocumentNode<T, V = unknown> = Document<T>;
  export type QueryHookOptions<T, V = unknown> = Options<T>;
  export type MutationHookOptions<T, V = unknown> = Options<T>;
  export type LazyQueryHookOptions<T, V = unknown> = Options<T>;
  export type ApolloQueryResult<T> = QueryResult<T>;
}

declare module '@graphql-typed-document-node/core' {
  export interface TypedDocumentNode<T, V = unknown> { __apiType: (variables: V) => T }
}

declare module '@apollo/react-hooks' { export * from '@apollo/client'; }

declare module 'urql' {
  export interface State<T> { data: T; fetching: boolean; error: unknown }
  export function useQuery<T>(options: unknown): [State<T>, unknown];
  export function useMutation<T>(query: unknown): [State<T>, (variables: unknown) => Promise<State<T>>];
  export type UseQueryArgs<V, T> = unknown;
}

declare module 'axios' {
  export interface AxiosResponse<T> { data: T; status: number; statusText: string }
  export interface AxiosInstance {
    get<T>(url: string, config?: unknown): Promise<AxiosResponse<T>>;
    delete<T>(url: string, config?: unknown): Promise<AxiosResponse<T>>;
    post<T>(url: string, data?: unknown, config?: unknown): Promise<AxiosResponse<T>>;
    put<T>(url: string, data?: unknown, config?: unknown): Promise<AxiosResponse<T>>;
    patch<T>(url: string, data?: unknown, config?: unknown): Promise<AxiosResponse<T>>;
    request<T>(config: unknown): Promise<AxiosResponse<T>>;
    create(config?: unknown): AxiosInstance;
  }
  const axios: AxiosInstance;
  export default axios;
}

declare module '@trpc/server' {
  export interface Query<T> {
    _result: T;
    useQuery(input?: unknown, options?: { onSuccess: (data: T) => unknown; select: (data: T) => unknown }): Result<T>;
    useSuspenseQuery(input?: unknown, options?: unknown): [T, Result<T>];
    query(input?: unknown): Promise<T>;
    fetch(input?: unknown): Promise<T>;
    getData(input?: unknown): T;
    queryOptions(input?: unknown): { queryFn: () => T };
  }
  export interface Mutation<T> {
    _result: T;
    useMutation(options?: { onSuccess: (data: T) => unknown; onSettled: (data: T) => unknown; onError: (error: unknown) => unknown }): MutationState<T>;
    mutate(input?: unknown): Promise<T>;
    mutationOptions(options?: { onSuccess: (data: T) => unknown }): { mutationFn: () => T };
  }
  interface Result<T> { data: T; error: unknown; isLoading: boolean; isPending: boolean; refetch(): Promise<Result<T>> }
  interface MutationState<T> { data: T; error: unknown; mutate(input?: unknown, options?: { onSuccess: (data: T) => unknown }): void; mutateAsync(input?: unknown): Promise<T> }
  interface Call<I> { input: I; ctx: unknown }
  export interface Procedure<I> {
    input<S>(schema: S): Procedure<S['_output']>;
    output(schema: unknown): Procedure<I>;
    use(middleware: unknown): Procedure<I>;
    meta(data: unknown): Procedure<I>;
    query<T>(run: (call: Call<I>) => T): Query<T>;
    mutation<T>(run: (call: Call<I>) => T): Mutation<T>;
  }
  export interface Builder {
    context(): Builder;
    meta(): Builder;
    create(options?: unknown): Builder;
    router<R>(routes: R): R;
    mergeRouters<A, B>(a: A, b: B): A & B;
    procedure: Procedure<unknown>;
    middleware(run: unknown): unknown;
  }
  export const initTRPC: Builder;
  export type inferRouterOutputs<R> = { [K in keyof R]: R[K] extends { _result: infer T } ? T : inferRouterOutputs<R[K]> };
}

declare module '@trpc/react-query' {
  export function createTRPCReact<R>(options?: unknown): R;
}
declare module '@trpc/next' {
  export function createTRPCNext<R>(options?: unknown): R;
}
declare module '@trpc/client' {
  export function createTRPCProxyClient<R>(options?: unknown): R;
  export function createTRPCClient<R>(options?: unknown): R;
}
