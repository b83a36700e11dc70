import js from '@eslint/js'
import globals from 'globals'

export default [
  { ignores: ['build/', 'data/', 'third_party/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, globals: globals.node },
    rules: { 'no-unused-vars': ['error', { args: 'after-used' }], eqeqeq: 'error', 'no-console': 'off' },
  },
  { files: ['web/**'], languageOptions: { globals: globals.browser } },
  // These run functions inside a page.
  {
    files: ['tests/{harness,e2e,web,browser}/**', 'bench/**', 'scripts/{film,screenshots}.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
]
