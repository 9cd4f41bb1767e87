// For drizzle-kit: `npm run migrations -w apps/server` makes migrations/ from the schema.
export default { dialect: 'postgresql', schema: './src/db/schema.ts', out: './migrations' }
