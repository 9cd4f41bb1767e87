// The administrator of every service that end-to-end tests start.

export const ADMIN = { name: 'admin', password: 'correct horse battery' } as const
