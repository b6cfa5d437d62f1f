"""진짜와 가짜를 한 행렬에 쌓고 정답 1, 0, 0, …과 비교"""
def negative_sampling(v, right, wrong):
    rows = np.vstack([right, wrong])
    label = np.array([1.0] + [0.0] * len(wrong))
    p = 1 / (1 + np.exp(-(rows @ v)))
    loss = -(label * np.log(p) + (1 - label) * np.log(1 - p)).sum()
    each = np.outer(p - label, v)
    return loss, (p - label) @ rows, each[0], each[1:]
