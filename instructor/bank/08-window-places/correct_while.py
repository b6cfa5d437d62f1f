"""끝에 닿을 때까지"""
def window_places(n, size, stride):
    found, start = [], 0
    while True:
        end = min(start + size, n)
        found.append((start, end))
        if end == n:
            return found
        start += stride
