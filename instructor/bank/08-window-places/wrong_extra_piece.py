"""시작이 n에 닿을 때까지 돌아, 앞 창에 다 들어 있는 조각이 덤으로 생김"""
def window_places(n, size, stride):
    return [(start, min(start + size, n)) for start in range(0, n, stride)]
