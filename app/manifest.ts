import type { MetadataRoute } from 'next'

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Parley',
    short_name: 'Parley',
    description: 'Chat, translate and write with a language model on your own machine.',
    start_url: '/chat',
    display: 'standalone',
    background_color: '#f7f7f4',
    theme_color: '#0c675b',
    icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
  }
}
