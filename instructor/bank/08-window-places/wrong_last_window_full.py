"""마지막 창을 뒤로 당겨 꽉 채움"""
def window_places(n, size, stride):
    found = [(0, min(size, n))]
    while found[-1][1] < n:
        start = min(found[-1][0] + stride, n - size)
        found.append((start, start + size))
    return found
