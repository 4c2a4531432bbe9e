// Vitest looks for its configuration in the folders above, too; with this file it stops here.
export default {};
