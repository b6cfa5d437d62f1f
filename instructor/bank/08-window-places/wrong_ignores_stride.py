"""걸음을 쓰지 않고 창을 겹치지 않게 이어 붙임"""
def window_places(n, size, stride):
    return [(start, min(start + size, n)) for start in range(0, n, size)]
