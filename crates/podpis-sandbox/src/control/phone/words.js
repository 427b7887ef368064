"use strict";
// All words of the page, in each of its languages: both have the same names.
const WORDS = {
  en: {
    title: "Virtual phone", mode: "The person", manual: "acts by hand", confirmAll: "confirms everything",
    declineAll: "declines everything", silent: "does not look", language: "Русский", reset: "Reset the sandbox",
    resetAsked: "Put the sandbox back to its beginning? All operations, messages and logins are forgotten.",
    resetDone: "The sandbox is as at its beginning.", away: "The sandbox is away. This page goes on when it is back.",
    failed: "The sandbox has not done that:", back: "The sandbox is back.",
    waitingTitle: "Waiting", historyTitle: "History", noneWaiting: "Nothing waits for you.", noHistory: "Nothing yet.",
    confirm: "Confirm", decline: "Decline", files: "Files", signer: "Signer", user: "User", number: "Phone", operation: "Operation",
    left: "Time left", unnamed: "without a name", more: n => `and ${n} more`,
    sms: "SMS", push: "Push", waiting: "waits", confirmed: "confirmed", declined: "declined", expired: "too late",
    diadoc: "Diadoc", extern: "Kontur.Extern", identity: "Login",
    sign: "Sign documents", reply: "Sign a reply", decrypt: "Decrypt a document", login: "Let a program in",
    typeCode: "Type this code into the program.", compare: code => `The program shows the code ${code}.`,
    news: "New message", size: n => (n === 1 ? "1 byte" : `${n.toLocaleString("en")} bytes`),
  },
  ru: {
    title: "Виртуальный телефон", mode: "Человек", manual: "решает сам", confirmAll: "всё подтверждает",
    declineAll: "всё отклоняет", silent: "не смотрит", language: "English", reset: "Сбросить песочницу",
    resetAsked: "Вернуть песочницу в начальное состояние? Все операции, сообщения и входы будут забыты.",
    resetDone: "Песочница в начальном состоянии.", away: "Песочница не отвечает. Страница продолжит, когда она вернётся.",
    failed: "Песочница этого не сделала:", back: "Песочница вернулась.",
    waitingTitle: "Ждёт ответа", historyTitle: "История", noneWaiting: "Вас ничто не ждёт.", noHistory: "Пока пусто.",
    confirm: "Подтвердить", decline: "Отклонить", files: "Файлы", signer: "Подписант", user: "Пользователь", number: "Телефон",
    operation: "Операция", left: "Осталось", unnamed: "без имени", more: n => `и ещё ${n}`,
    sms: "СМС", push: "Запрос", waiting: "ждёт", confirmed: "подтверждено", declined: "отклонено", expired: "опоздало",
    diadoc: "Диадок", extern: "Контур.Экстерн", identity: "Вход",
    sign: "Подпись документов", reply: "Подпись ответа", decrypt: "Расшифровка документа", login: "Вход в программу",
    typeCode: "Введите этот код в программе.", compare: code => `Программа показывает код ${code}.`,
    news: "Новое сообщение", size: n => `${n.toLocaleString("ru")} Б`,
  },
};
