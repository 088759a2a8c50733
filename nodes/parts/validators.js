const ENVIRONMENT = /^\$\{[^}]+\}$/;
/** A validator: the trimmed text must please `accepts`, or be a ${NAME} and nothing else. What a flow leaves out has its default. */
const rule = (property, accepts) =>
    function (given, opt) {
        const value = given ?? this._def.defaults[property].value;
        const text = String(value).trim();
        if (ENVIRONMENT.test(text) || (!text.includes('${') && accepts(text))) return true;
        return opt ? this._(`{{type}}.error.${property}`) : false;
    };
const orEmpty = (accepts) => (text) => text === '' || accepts(text);
const oneOf =
    (...choices) =>
    (text) =>
        choices.includes(text);
const number = (low, high) => (text) => /^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) >= low && Number(text) <= high;
const whole = (low, high) => (text) => /^\d+$/.test(text) && number(low, high)(text);
const zeroOr = (accepts) => (text) => number(0, 0)(text) || accepts(text);
const isTopic = (text) => !/[+#\0]/.test(text);
/** Numbers and ranges of numbers, such as 1-4,7. */
const list = (high) => (text) =>
    text.split(',').every((part) => {
        const [, first, last = first] = /^\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*$/.exec(part) ?? [];
        return first !== undefined && Number(first) <= Number(last) && Number(last) <= high;
    });
