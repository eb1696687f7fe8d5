import { THEME_KEY } from './theme-key'

/** Puts the stored theme on <html> before the first paint, so that no page flashes in the other one. */
export function ThemeScript() {
  const script = `try{const t=localStorage.getItem(${JSON.stringify(THEME_KEY)});if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`
  return <script dangerouslySetInnerHTML={{ __html: script }} />
}
