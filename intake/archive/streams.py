"""Decrypt and decompress one stream in memory, never past the size it declares. Headers are in `headers.py`."""

import bz2
import lzma
import zlib
from typing import Protocol

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from intake.archive.headers import Method, Stream

# Evidence, in bits, from which a stream that does not decode is held to be damaged and not under another key:
# a wrong key reaches it once in 2,048 tries.
_SURE = 11


class Undecodable(Exception):
    """The stream does not decode: another key, or damage. Carries nothing of what was read."""


class _Decoder(Protocol):
    """What `lzma` and `bz2` have in common."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def decode(stream: Stream, data: bytes, key: bytes | None) -> bytes:
    """The unpacked bytes of `stream` in the archive `data`. Raises Undecodable; checks the checksum it has."""
    packed = data[stream.start : stream.start + stream.packed]
    if stream.cipher is not None:
        if key is None:
            raise Undecodable
        packed = _decrypted(key, stream.cipher.vector, packed)[: stream.compressed]
    unpacked = packed if stream.method is Method.COPY else decompress(stream, packed)
    if len(unpacked) != stream.size or (stream.crc is not None and zlib.crc32(unpacked) != stream.crc):
        raise Undecodable
    return unpacked


def key_fits(stream: Stream, data: bytes, key: bytes) -> bool:
    """Whether the first and last block under `key` look like this stream, though it does not decode: it is damaged.

    False means another key or too little to tell by. One damaged block of the two does not hide the other.
    """
    if stream.cipher is None:
        return False
    end = stream.start + stream.packed
    first = _decrypted(key, stream.cipher.vector, data[stream.start : min(end, stream.start + 16)])
    before = stream.cipher.vector if stream.packed == 16 else data[end - 32 : end - 16]
    last = _decrypted(key, before, data[end - 16 : end])
    return _first_bits(stream, first) + _last_bits(stream, last) >= _SURE


def _first_bits(stream: Stream, block: bytes) -> int:
    if stream.method is Method.BZIP2:
        return 64 if block.startswith(b"BZh") and block[4:10] == b"1AY&SY" else 0
    if stream.method is Method.LZMA:
        # The range coder's first byte is zero, and no stream starts with a match: that halves the second.
        return 9 if block[0] == 0 and block[1] < 0x80 else 0
    if stream.method is Method.LZMA2:
        if block[0] == 1:
            return 16 if int.from_bytes(block[1:3], "big") + 5 == stream.compressed else 0
        unpacked = ((block[0] & 0x1F) << 16 | block[1] << 8 | block[2]) + 1
        packed = int.from_bytes(block[3:5], "big") + 1
        if block[0] < 0xE0 or unpacked > stream.size or packed + 7 > stream.compressed or block[5] >= 225:
            return 0
        return 32 if unpacked == stream.size and packed + 7 == stream.compressed else 3
    return 0


def _last_bits(stream: Stream, block: bytes) -> int:
    """The padding of the last block is zeros, and so is the end mark of LZMA2."""
    zeros = stream.packed - stream.compressed + (stream.method is Method.LZMA2)
    return 8 * zeros if not any(block[len(block) - zeros :]) else 0


def _decrypted(key: bytes, vector: bytes, data: bytes) -> bytes:
    # 7-Zip has CBC without a tag: what comes out is not yet proven, and the checksum inside is what proves it.
    return Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor().update(data)


def decompress(stream: Stream, packed: bytes) -> bytes:
    """What comes out of `packed` by the stream's method, no more than its size. Raises Undecodable; checks nothing."""
    try:
        decoder = _decoder(stream)
        pieces: list[bytes] = []
        left = stream.size
        given = packed
        while left > 0 and not decoder.eof:
            piece = decoder.decompress(given, left)
            given = b""
            pieces.append(piece)
            left -= len(piece)
            if not piece:
                break
    except (lzma.LZMAError, OSError, ValueError, EOFError):
        raise Undecodable from None
    return b"".join(pieces)


def _decoder(stream: Stream) -> _Decoder:
    if stream.method is Method.BZIP2:
        return bz2.BZ2Decompressor()
    told = stream.properties
    # A dictionary larger than all that comes out is never read, so the size told costs no memory by itself.
    if stream.method is Method.LZMA2:
        if len(told) != 1 or told[0] > 40:
            raise Undecodable
        told_size = 0xFFFFFFFF if told[0] == 40 else (2 | told[0] & 1) << (told[0] // 2 + 11)
        filters = {"id": lzma.FILTER_LZMA2, "dict_size": _dictionary(told_size, stream.size)}
    else:
        if len(told) != 5:
            raise Undecodable
        filters = {
            "id": lzma.FILTER_LZMA1,
            "dict_size": _dictionary(int.from_bytes(told[1:], "little"), stream.size),
            "lc": told[0] % 9,
            "lp": told[0] // 9 % 5,
            "pb": told[0] // 45,
        }
    return lzma.LZMADecompressor(format=lzma.FORMAT_RAW, filters=[filters])


def _dictionary(told: int, size: int) -> int:
    return max(4096, min(told, size))
