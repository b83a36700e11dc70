/** What the core and the server say, by their codes. */
export default {
  // going live: wasm/whip/reason.cpp
  'camera-denied':
    'Esta página no puede usar la cámara y el micrófono. Permita ambos en los ajustes del navegador para esta página e inténtelo de nuevo.',
  'no-camera':
    'No se ha encontrado una cámara con micrófono. Conecte una, o abra esta página en un teléfono, e inténtelo de nuevo.',
  'camera-busy': 'Otra aplicación está usando la cámara o el micrófono. Ciérrela e inténtelo de nuevo.',
  'camera-failed': 'No se ha podido encender la cámara. Cierre otras aplicaciones que la usen e inténtelo de nuevo.',
  'insecure-page':
    'El navegador solo permite la cámara en una página segura. Abra esta página con https:// al principio de la dirección.',
  'unsupported-browser':
    'Este navegador no puede transmitir. Abra esta página en una versión actual de Safari, Chrome, Edge o Firefox.',
  'not-allowed':
    'El servicio de transmisión ya no acepta el enlace de esta transmisión. Deténgala y empiece otra vez, o pregunte a quien la preparó.',
  'stream-gone':
    'El enlace de esta transmisión ya no sirve: se ha cambiado, o la transmisión ha sido eliminada. Deténgala y empiece otra vez.',
  'offer-refused':
    'El servicio de transmisión no ha podido usar lo que ofrece este navegador. Pruebe con otro navegador o teléfono.',
  'answer-unfit':
    'El servicio de transmisión no ha aceptado a la vez la imagen y el sonido. Inténtelo de nuevo o use otro navegador o teléfono.',
  'bad-reply':
    'El servicio de transmisión ha dado una respuesta sin sentido. Inténtelo de nuevo; si continúa, avise a quien preparó la transmisión.',
  'in-use': 'En este momento otro dispositivo transmite esta ceremonia. Este continuará en cuanto el otro se detenga.',
  'service-unavailable':
    'El servicio de transmisión no está listo en este momento. Deje esta página abierta: sigue intentándolo.',
  offline:
    'No hay conexión con el servicio de transmisión. Deje esta página abierta: la cámara sigue encendida y la transmisión continuará en cuanto vuelva la conexión.',
  'no-reply': 'El servicio de transmisión no responde. Deje esta página abierta: sigue intentándolo.',
  'connection-lost': 'Se ha perdido la conexión. Deje esta página abierta: está volviendo a conectar.',
  unsteady: 'En este momento la conexión es inestable.',

  // how the stream is doing: wasm/quality/verdict.cpp
  'quality-nothing': 'En este momento no llega nada.',
  'quality-loss': 'Una parte de lo que se envía se pierde por el camino. Acercarse al wifi puede ayudar.',
  'quality-delay': 'La conexión tarda en responder.',
  'quality-thin': 'La conexión es escasa, por eso la imagen se reduce. El sonido tiene prioridad.',
  'quality-device': 'Este dispositivo no da más de sí. Cerrar otras aplicaciones puede ayudar.',
  // before a stream: wasm/quality/readiness.cpp
  ready: 'Todo está listo.',
  'ready-no-microphone': 'No hay micrófono: quienes miran no oirán nada.',
  'ready-muted': 'El micrófono está apagado: enciéndalo antes de empezar.',
  'ready-silent': 'No se oye nada: revise el micrófono.',
  'ready-no-picture': 'No hay imagen: quienes miran solo le oirán.',
  'ready-unreachable': 'Desde aquí no se llega a nuestro servidor en este momento.',
  'ready-slow': 'La conexión es lenta aquí: el sonido va primero.',
  'ready-battery': 'Queda poca batería: enchufe el teléfono.',
  'ready-storage': 'Este dispositivo está casi lleno: borre algo que no necesite.',
  'ready-measuring': 'Un momento, estamos comprobando la conexión.',
  // a device while streaming: wasm/capture/warning.cpp
  'device-camera-other': 'La cámara se ha desconectado. Se usa otra hasta que vuelva.',
  'device-camera-lost': 'La cámara se ha desconectado. El sonido continúa; conéctela y la imagen volverá por sí sola.',
  'device-camera-busy':
    'Otra aplicación ha tomado la cámara. El sonido continúa; cierre esa aplicación y la imagen volverá por sí sola.',
  'device-camera-denied':
    'Esta página ya no puede usar la cámara. El sonido continúa; permita la cámara en los ajustes del navegador para esta página y elíjala de nuevo.',
  'device-camera-paused':
    'La cámara está en pausa, quizá por una llamada. La imagen volverá por sí sola cuando termine.',
  'device-camera-frozen':
    'La cámara no da imágenes nuevas. El sonido continúa; la cámara se vuelve a encender cada pocos segundos.',
  'device-camera-black': 'La imagen está negra. Compruebe si algo tapa el objetivo.',
  'device-camera-not-started': 'No se ha podido encender esa cámara; sigue encendida la otra.',
  'device-microphone-other': 'El micrófono se ha desconectado. Se usa otro hasta que vuelva.',
  'device-microphone-lost':
    'El micrófono se ha desconectado y no hay sonido. La imagen continúa; conéctelo y el sonido volverá por sí solo.',
  'device-microphone-busy':
    'Otra aplicación ha tomado el micrófono y no hay sonido. Cierre esa aplicación y volverá por sí solo.',
  'device-microphone-denied':
    'Esta página ya no puede usar el micrófono y no hay sonido. Permítalo en los ajustes del navegador para esta página y elíjalo de nuevo.',
  'device-microphone-paused':
    'El micrófono está en pausa, quizá por una llamada, y no hay sonido. Volverá por sí solo cuando termine.',
  'device-microphone-not-started': 'No se ha podido encender ese micrófono; sigue encendido el otro.',
  'device-screen-not-shared': 'No se ha podido compartir la pantalla.',

  // why there is no recording, and what became of the backup: wasm/streams/sentence.hpp
  'no-recording': 'No hay grabación de esta transmisión.',
  'not-recorded':
    'La transmisión fue directamente del navegador a Cloudflare, que no graba este tipo de transmisiones.',
  'recording-failed': 'No se ha podido hacer la grabación.',
  'none-made': 'El servicio de vídeo no hizo ninguna grabación de esta transmisión.',
  'none-made-by-mux': 'Mux no hizo ninguna grabación de esta transmisión.',
  'backup-impossible':
    'Una transmisión que va directamente del navegador a Cloudflare no se puede enviar a Mux. La transmisión funciona, pero sin esa segunda grabación.',
  'backup-not-here':
    'La copia en Mux no está configurada en este servidor. La transmisión funciona y se graba, pero sin esa segunda grabación.',
  'backup-failed':
    'No se ha podido preparar la copia en Mux. La transmisión funciona y se graba, pero sin esa segunda grabación. Puede volver a intentarlo antes de la ceremonia.',
  'backup-pending':
    'La copia en Mux está preparada, pero todavía no conectada. La transmisión funciona y se graba, pero sin esa segunda grabación. Puede volver a intentarlo antes de la ceremonia.',

  // the API: wasm/streams, shim/. One code may come with several sentences: what is said here fits each of them.
  'not-found': 'No existe o se ha eliminado. Compruebe la dirección.',
  forbidden: 'Su cuenta no tiene permiso para esto. Pueden hacerlo la familia, la funeraria y los administradores.',
  invalid: 'Revise lo que ha escrito, por favor: así no se puede guardar.',
  'idempotency-key-reused': 'Esto ya se envió antes con otro contenido. Recargue la página e inténtelo de nuevo.',
  'being-created': 'Esta transmisión todavía se está preparando. Inténtelo de nuevo dentro de un minuto.',
  'is-live': 'Esta transmisión está ahora en directo. Termínela antes de eliminarla, por favor.',
  'is-unfinished': 'Todavía se está preparando la grabación. Elimine la transmisión cuando esté lista, por favor.',
  'no-backup': 'Para esta transmisión no puede haber una segunda grabación en Mux. La transmisión funciona sin ella.',
  'signed-out': 'No ha iniciado sesión. Vuelva a iniciarla.',
  'token-invalid': 'Este enlace de acceso ya se ha usado o es demasiado antiguo. Pida uno nuevo.',
  'foreign-origin': 'Esto no se envió desde este sitio, por lo que se ha rechazado.',
  'identity-unavailable':
    'Ahora mismo no hemos podido comprobar quién es usted. Inténtelo de nuevo dentro de un momento.',
  'store-unavailable': 'No hemos podido acceder a nuestros registros. Inténtelo de nuevo dentro de un momento.',
  'provider-unavailable':
    'Ahora mismo el servicio de vídeo no ha podido hacerlo. Inténtelo de nuevo dentro de un minuto.',
  'provider-timeout':
    'El servicio de vídeo ha tardado demasiado en responder. No se ha perdido nada: inténtelo de nuevo.',
  'too-often': 'Se ha intentado muchas veces seguidas. Espere un momento e inténtelo de nuevo.',
  internal: 'Algo ha fallado por nuestra parte. Inténtelo de nuevo.',
}
