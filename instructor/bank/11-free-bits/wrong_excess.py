"""넘는 만큼만 돌려줌: 문턱만큼 모자랍니다"""
def free_bits(kl, nats):
    return np.maximum(kl.mean(axis=0) - nats, 0).sum()
