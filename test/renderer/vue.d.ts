// Components as the tests' type check sees them; what is inside is checked with the page.

declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<Record<string, unknown>, object, unknown>
  export default component
}
