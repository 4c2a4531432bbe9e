export default { test: { include: ['tests/**/*.test.{js,ts,mjs}'] } };
