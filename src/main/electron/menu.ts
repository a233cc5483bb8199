// The application menu, in the language of the page. What it can do the page can do too: an entry sends the page a
// command, and keys stay with the page, which knows whether a text field wants them. Editing of text, zoom and the
// window itself are Electron's own roles.

import type { MenuItemConstructorOptions } from 'electron'
import { stageTable } from '../../contract/stages.ts'
import type { Command, ElectronApi } from './api.ts'
import type { MenuTexts } from './texts.ts'

type Menu = Pick<ElectronApi, 'Menu'>['Menu']

/** Sets the menu of the app; `run` sends a command to the page. */
export function setMenu(menu: Menu, texts: MenuTexts, isMac: boolean, run: (command: Command) => void): void {
  menu.setApplicationMenu(menu.buildFromTemplate(menuTemplate(texts, isMac, run)))
}

export function menuTemplate(
  texts: MenuTexts,
  isMac: boolean,
  run: (command: Command) => void,
): MenuItemConstructorOptions[] {
  const entry = (command: Command, accelerator?: string): MenuItemConstructorOptions => ({
    id: command,
    label: texts.commands[command],
    click: () => run(command),
    // Shown, but heard by the page: a key that the menu took would never reach a text field.
    ...(accelerator && { accelerator, registerAccelerator: false }),
  })
  const role = (name: keyof MenuTexts['roles']): MenuItemConstructorOptions => ({
    role: name,
    label: texts.roles[name],
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const stages = stageTable.map(({ name, digit }) => entry(name, `Alt+${digit}`))
  return [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    { label: texts.file, submenu: [entry('add'), entry('libraries'), line, isMac ? role('close') : role('quit')] },
    {
      label: texts.edit,
      submenu: [
        entry('undo', 'CmdOrCtrl+Z'),
        entry('redo', 'CmdOrCtrl+Shift+Z'),
        line,
        role('cut'),
        role('copy'),
        role('paste'),
        role('selectAll'),
      ],
    },
    {
      label: texts.view,
      submenu: [...stages, line, role('resetZoom'), role('zoomIn'), role('zoomOut'), role('togglefullscreen')],
    },
    { label: texts.window, submenu: [role('minimize'), role('close')] },
    { label: texts.help, submenu: [entry('keys')] },
  ]
}
