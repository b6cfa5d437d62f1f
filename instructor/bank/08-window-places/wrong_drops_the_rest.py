"""꽉 찬 창만 담고 나머지 토큰을 버림"""
def window_places(n, size, stride):
    return [(start, start + size) for start in range(0, n - size + 1, stride)] or [(0, n)]
