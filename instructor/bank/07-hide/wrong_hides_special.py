"""[CLS], [SEP] 같은 특수 토큰도 고름"""
def hide(tokens, chance, fate, any_token, share):
    chosen = chance < share
    seen = np.where(chosen & (fate < 0.8), 4, tokens)
    return np.where(chosen & (fate >= 0.9), any_token, seen), chosen
