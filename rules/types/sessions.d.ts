// What a session holds by default. Apps add to it by declarations of their own, so it is open.

declare module 'next-auth' {
  export interface DefaultUser {
    name?: string | null;
    email?: string | null;
    image?: string | null;
    [key: string]: unknown;
  }
  export interface DefaultSession {
    user?: DefaultUser;
    expires: string;
    [key: string]: unknown;
  }
  export interface Session extends DefaultSession {
    [key: string]: unknown;
  }
  export function getServerSession(...options: unknown[]): Promise<Session | null>;
  interface Handlers {
    auth: () => Promise<Session | null>;
    [key: string]: unknown;
  }
  export default function NextAuth(options: unknown): Handlers;
}
declare module 'next-auth/react' {
  import { Session } from 'next-auth';
  interface Asked {
    data: Session | null;
    status: string;
    update: (data?: unknown) => Promise<Session | null>;
  }
  export function useSession(options?: unknown): Asked;
  export function getSession(options?: unknown): Promise<Session | null>;
}
