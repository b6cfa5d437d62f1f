"""창의 수를 먼저 셈"""
def window_places(n, size, stride):
    more = max(0, -(-(n - size) // stride))
    return [(i * stride, min(i * stride + size, n)) for i in range(more + 1)]
