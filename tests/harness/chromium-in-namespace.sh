#!/bin/sh
# Chromium inside the network namespace $NETWORK_NAMESPACE.
exec nsenter --net="/run/netns/$NETWORK_NAMESPACE" "${CHROMIUM:-/usr/bin/chromium}" "$@"
