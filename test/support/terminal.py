"""A pseudo-terminal: terminal.py PROGRAM ARGUMENT…

What the program writes is copied to our output, and each line of our input is typed. Ends as it does.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios

process, terminal = pty.fork()
if process == 0:
    os.environ["COLUMNS"] = "80"
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])

sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if terminal in ready:
        try:
            text = os.read(terminal, 65536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not text:
            break
        os.write(1, text)
    if 0 in ready:
        typed = os.read(0, 65536)
        if typed:
            os.write(terminal, typed)
        else:
            sources.remove(0)
_, status = os.waitpid(process, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
