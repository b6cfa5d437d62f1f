"""share를 [MASK]의 비율로 읽어, 고를 비율을 0.8로 나눔"""
def hide(tokens, chance, fate, any_token, share):
    chosen = (chance < share / 0.8) & (tokens > 4)
    seen = np.where(chosen & (fate < 0.8), 4, tokens)
    return np.where(chosen & (fate >= 0.9), any_token, seen), chosen
