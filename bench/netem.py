"""A link between this machine and a network namespace, worked in user space: delay, loss and rate as netem has them,
for kernels without it. JSON lines come in on standard input, each is acknowledged; at its end all is removed.

    netem.py <namespace> <number>     10.77.<number>.1 is this side, 10.77.<number>.2 the namespace
"""
import fcntl
import heapq
import json
import os
import random
import select
import socket
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x1, 0x1000


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def open_tun(name):
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


class Shape:
    """What happens to packets to and from a host. delay: ms, each way; loss: 0 to 1; rate: bit/s, each way, 0 = any;
    queue: ms, what a packet may wait for its turn before it is dropped; udp: whether it gets through at all."""

    def __init__(self, delay=0, loss=0, rate=0, queue=300, udp=True):
        self.delay, self.loss, self.rate, self.queue, self.udp = delay / 1000, loss, rate, queue / 1000, udp
        self.free = {}

    def due(self, way, packet, now):
        """When a packet arrives; None = never."""
        if packet[9] == socket.IPPROTO_UDP and not self.udp or self.loss and random.random() < self.loss:
            return None
        if not self.rate:
            return now + self.delay
        start = max(now, self.free.get(way, 0))
        if start - now > self.queue:
            return None
        self.free[way] = start + len(packet) * 8 / self.rate
        return self.free[way] + self.delay


def work(near, far):
    shapes = {"": Shape()}
    flight, count, text = [], 0, b""
    while True:
        now = time.monotonic()
        while flight and flight[0][0] <= now:
            _, _, tun, packet = heapq.heappop(flight)
            try:
                os.write(tun, packet)
            except OSError:
                pass  # that side is down
        readable, _, _ = select.select([near, far, 0], [], [], max(0, flight[0][0] - now) if flight else None)
        if 0 in readable:
            more = os.read(0, 65536)
            if not more:
                return
            *lines, text = (text + more).split(b"\n")
            for line in lines:
                asked = json.loads(line)
                host = asked.pop("host")
                shapes[host] = Shape(**asked)
                print("ok", flush=True)
        for tun in (near, far):
            while tun in readable:
                try:
                    packet = os.read(tun, 65536)
                except OSError:
                    break  # no more for now, or that side is down
                if packet[0] >> 4 != 4:
                    continue
                host = socket.inet_ntoa(packet[16:20] if tun == near else packet[12:16])
                due = shapes.get(host, shapes[""]).due((tun, host), packet, time.monotonic())
                if due is not None:
                    count += 1
                    heapq.heappush(flight, (due, count, far if tun == near else near, packet))


namespace, number = sys.argv[1:]
net = f"10.77.{number}"
ip("netns", "add", namespace)
try:
    # Not "tun…": browsers pass over such interfaces when they look whether there is a network.
    far, near = open_tun(f"vigil{number}"), open_tun(f"phone{number}")
    ip("addr", "add", f"{net}.1/24", "dev", f"vigil{number}")
    ip("link", "set", f"vigil{number}", "up")
    ip("link", "set", f"phone{number}", "netns", namespace, "name", "wlan0")
    ip("-n", namespace, "link", "set", "lo", "up")
    ip("-n", namespace, "addr", "add", f"{net}.2/24", "dev", "wlan0")
    ip("-n", namespace, "link", "set", "wlan0", "up")
    ip("-n", namespace, "route", "add", "default", "via", f"{net}.1")
    print("ok", flush=True)
    work(near, far)
finally:
    ip("netns", "delete", namespace)
