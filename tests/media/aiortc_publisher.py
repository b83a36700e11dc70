"""An independent WHIP publisher, python3-aiortc. Usage: aiortc_publisher.py URL SECONDS h264|vp8 delete|leave"""

import asyncio
import sys
import urllib.parse
import urllib.request

from aiortc import RTCPeerConnection, RTCRtpSender, RTCSessionDescription
from aiortc.contrib.media import MediaPlayer


async def main(url, seconds, codec, goodbye):
    peer = RTCPeerConnection()
    picture = MediaPlayer("testsrc=size=320x240:rate=30", format="lavfi")
    tone = MediaPlayer("sine=frequency=440:sample_rate=48000", format="lavfi")
    sender = peer.addTransceiver(picture.video, "sendonly")
    codecs = RTCRtpSender.getCapabilities("video").codecs
    sender.setCodecPreferences([c for c in codecs if c.mimeType.lower() == "video/" + codec])
    peer.addTransceiver(tone.audio, "sendonly")
    peer.on("connectionstatechange", lambda: print("state", peer.connectionState, flush=True))
    await peer.setLocalDescription(await peer.createOffer())
    offer = peer.localDescription.sdp.encode()
    post = urllib.request.Request(url, offer, {"Content-Type": "application/sdp"}, method="POST")
    reply = urllib.request.urlopen(post)
    print("status", reply.status, flush=True)
    resource = urllib.parse.urljoin(url, reply.headers["Location"])
    await peer.setRemoteDescription(RTCSessionDescription(reply.read().decode(), "answer"))
    await asyncio.sleep(seconds)
    if goodbye == "delete":
        print("deleted", urllib.request.urlopen(urllib.request.Request(resource, method="DELETE")).status, flush=True)
    await peer.close()
    print("left", flush=True)


asyncio.run(main(sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4]))
