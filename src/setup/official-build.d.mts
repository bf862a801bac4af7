export function downloadOfficialBuild(aside: string, detail: (text: string) => void, limitMs?: number): Promise<void>;
