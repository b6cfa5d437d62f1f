"""시그모이드가 아니라 진짜와 가짜 k개 사이의 소프트맥스"""
def negative_sampling(v, right, wrong):
    rows = np.vstack([right, wrong])
    p = np.exp(rows @ v)
    p = p / p.sum()
    loss = -np.log(p[0])
    p[0] -= 1
    return loss, p @ rows, p[0] * v, np.outer(p[1:], v)
