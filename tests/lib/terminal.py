# SPDX-License-Identifier: GPL-3.0-or-later
"""issuantctl as somebody types to it."""
import fcntl
import os
import pty
import select
import subprocess
import termios

import demo


class Terminal:
    """issuantctl on a demo pool and on a terminal of its own."""

    def __init__(self, pool, *words, env=None):
        self.master, self.slave = pty.openpty()
        self.seen = b""

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [str(demo.CTL), "--demo", "--seed", "tests", "--at", demo.AT,
             *(str(word) for word in words)], stdin=self.slave, stdout=self.slave,
            stderr=self.slave, env=demo.environment(pool.home, **(env or {})),
            preexec_fn=take_terminal)

    def wait_for(self, text):
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], demo.PATIENCE)
            if not ready:
                raise AssertionError(f"no {text} in {self.seen}")
            self.seen += os.read(self.master, 4096)

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def type(self, text):
        os.write(self.master, text)

    def end(self):
        """The status it ends with, when everything it printed was read."""
        status = self.process.wait(demo.PATIENCE)
        os.close(self.slave)
        while True:
            try:
                got = os.read(self.master, 4096)
            except OSError:
                got = b""
            if not got:
                break
            self.seen += got
        os.close(self.master)
        demo.wait_for_agents()
        return status
