// What form libraries hand to a form's own functions.

declare module 'react-hook-form' {
  export interface Control<T> { _values: T }
  export type FieldPath<T> = keyof T;
  export type FieldPathValue<T, P> = T[P];
  export function useWatch<T, P = undefined>(options?: { control: Control<T>; name: P }): P extends undefined ? T : T[P];
  export interface Form<T> {
    control: Control<T>;
    handleSubmit(onValid: (values: T, event?: unknown) => unknown, onInvalid?: unknown): (event?: unknown) => Promise<void>;
    getValues: (() => T) | (<K>(name: K) => T[K]);
    watch: (() => T) | (<K>(name: K) => T[K]);
    reset(values?: T): void;
    formState: { isDirty: boolean; isValid: boolean; isSubmitting: boolean; defaultValues: T };
  }
  interface Resolver<T> { _values: T }
  export function useForm<T>(options?: { resolver: Resolver<T>; defaultValues: T; values: T }): Form<T>;
  export function useFormContext<T>(): Form<T>;
  export type UseFormReturn<T> = Form<T>;
  export type SubmitHandler<T> = (values: T, event?: unknown) => unknown;
}

declare module '@hookform/resolvers/zod' {
  export function zodResolver<T>(schema: { _output: T }, options?: unknown): { _values: T };
}
declare module '@hookform/resolvers/yup' {
  export function yupResolver<T>(schema: { _output: T }, options?: unknown): { _values: T };
}
declare module '@hookform/resolvers/valibot' {
  export function valibotResolver<T>(schema: { _output: T }, options?: unknown): { _values: T };
}
declare module '@hookform/resolvers/superstruct' {
  export function superstructResolver<T>(schema: { _output: T }, options?: unknown): { _values: T };
}

declare module 'formik' {
  interface Helpers<T> { setSubmitting(value: boolean): void; values: T; resetForm(): void }
  interface Config<T> {
    initialValues: T;
    validationSchema: unknown;
    onSubmit: (values: T, helpers: Helpers<T>) => unknown;
  }
  export interface FormikState<T> { values: T; initialValues: T; dirty: boolean; isValid: boolean; handleSubmit(event?: unknown): void }
  export function useFormik<T>(config: Config<T>): FormikState<T>;
  export function useFormikContext<T>(): FormikState<T>;
  export function Formik<T>(props: Config<T>): unknown;
  export type FormikProps<T> = FormikState<T>;
  export type FormikHelpers<T> = Helpers<T>;
}
