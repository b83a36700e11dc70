// <script type="module" src="https://vigil.example/embed.js">: makes <memorial-player> known to any page.
// docs/embedding.md says what it understands.
import './elements/memorial-player.js'
