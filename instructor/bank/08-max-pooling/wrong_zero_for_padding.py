"""[PAD]를 0으로 바꿈: 진짜 값이 모두 음수인 칸에서 0이 이김"""
def max_pooling(hidden, mask):
    return (hidden * mask[:, :, None]).max(axis=1)
