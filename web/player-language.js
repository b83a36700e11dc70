// What media-chrome's controls are called, in another language than English. Before the controls: they read it once.
import 'media-chrome/dist/lang/es.js'
import { setLanguage } from 'media-chrome/dist/utils/i18n.js'
import { language } from './words.js'

setLanguage(language)
