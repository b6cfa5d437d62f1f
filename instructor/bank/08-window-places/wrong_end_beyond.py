"""마지막 창의 끝이 n을 넘음"""
def window_places(n, size, stride):
    found, start = [(0, size)], 0
    while found[-1][1] < n:
        start += stride
        found.append((start, start + size))
    return found
