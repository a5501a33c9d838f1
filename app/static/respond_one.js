/* A form of one screen begins at once, unless answers are kept here that one may go on with. */
(function () {
  'use strict';
  var d = document, b = d.querySelector('#start form .btn');
  if (b && d.getElementById('answers') && !b.classList.contains('alt') && !d.getElementById('start').hidden) b.click();
}());
