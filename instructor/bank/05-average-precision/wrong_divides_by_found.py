"""맞는 문서의 전체 수가 아니라 찾은 수로 나눔: 하나만 맨 앞에 찾으면 1점"""
def average_precision(hits, n_relevant):
    right, total = 0, 0.0
    for place, hit in enumerate(hits, start=1):
        if hit:
            right += 1
            total += right / place
    return total / right if right else 0.0
